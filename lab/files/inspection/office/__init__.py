"""The package of an Office document, its parts, and where its links lead. Pure."""
