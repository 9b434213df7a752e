"""Taking files in, keeping them whole, handing them out."""
