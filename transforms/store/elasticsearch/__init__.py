"""The store in an Elasticsearch cluster: one index a collection, each behind an alias, all of one prefix."""
