"""The pages that feeds lead to are fetched for their full text, where the site allows it."""
