"""The places that alerts are sent to, one file a kind."""
