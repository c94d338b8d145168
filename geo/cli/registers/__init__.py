"""Commands about registers: check, ward, crossings, place, scale."""
