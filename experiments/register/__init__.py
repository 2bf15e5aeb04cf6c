"""The register's folder: what runs predicted, and recorded figures to score it by."""
