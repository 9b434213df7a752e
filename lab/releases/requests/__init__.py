"""Requests that wait for a second person: asked for, looked at, decided, expired."""
