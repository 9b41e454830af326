"""Shops that are told what became of orders: fakes on loopback that check what they are sent, and tests."""
