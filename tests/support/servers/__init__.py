"""Portals, workers and mail servers in processes of their own."""
