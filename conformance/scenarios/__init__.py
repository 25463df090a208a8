"""Domains into inputs."""
