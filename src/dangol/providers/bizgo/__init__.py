"""Bizgo (Infobank): Alimtalk, Brand Message and text messages in Korea."""
