"""The work, one folder a stage, in the order data flows; the nouns are in `records`, the memory in `store`."""
