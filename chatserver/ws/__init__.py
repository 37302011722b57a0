"""Sockets: frames in and out, topics followed and resumed. The rules are in the actions."""
