"""SOLAPI (coolsms): Alimtalk, Brand Message and text messages in Korea."""
