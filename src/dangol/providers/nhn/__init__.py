"""NHN Cloud: Alimtalk, Brand Message and text messages in Korea."""
