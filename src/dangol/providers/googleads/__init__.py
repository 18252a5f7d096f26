"""Google Ads audiences, by the Data Manager API."""
