"""An article met before, under the same address or with the same text, is not read again."""
