"""The pages of an assurance pack, as text and rows."""
