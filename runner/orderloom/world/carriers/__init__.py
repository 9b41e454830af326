"""Carriers that are asked over HTTP: prices and labels."""
