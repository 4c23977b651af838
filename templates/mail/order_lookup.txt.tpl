[[The link to your order]] {{NUMBER}} – {{TENANT_NAME}}

[[You asked where your order is. The link is good for one hour, once.]]

[[Look at the order]]:
{{SHOP_URL}}/track/{{TOKEN}}

[[If it was not you, ignore this mail; nothing happens.]]
