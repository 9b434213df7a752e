"""What several use cases of identity share."""
