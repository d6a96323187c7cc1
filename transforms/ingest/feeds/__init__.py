"""Feeds are polled politely and their entries become items, each once, whatever a server does."""
