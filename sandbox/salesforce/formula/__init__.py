"""The part of the vendor's formula language that validation rules, criteria and formula fields are written in."""
