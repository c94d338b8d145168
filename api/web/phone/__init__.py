"""The quick report of a phone: few taps, place from the device, stored on the phone until there is a network."""
