"""Ad audiences: whose addresses, hashed, an ad network may have, and who must leave it again."""
