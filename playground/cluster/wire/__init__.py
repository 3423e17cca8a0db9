"""The HTTP face: paths to verbs, discovery, lists, watches, tables, logs; ``Status`` documents for what fails."""
