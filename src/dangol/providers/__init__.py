"""Vendors that carry messages: one folder each, with its sender, its codes and its fake."""
