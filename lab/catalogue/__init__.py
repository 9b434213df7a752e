"""Catalogue of projects, scenarios and indicators, with their names."""
