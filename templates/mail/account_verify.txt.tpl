[[Confirm your e-mail address]] – {{TENANT_NAME}}

[[Hello]] {{NAME}}

[[One click, and your account is ready. The link is good for one day.]]

[[Confirm my address]]:
{{SHOP_URL}}/verify/{{TOKEN}}

[[If it was not you, ignore this mail; nothing happens.]]
