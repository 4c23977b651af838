[[Two-step sign-in is on]] – {{TENANT_NAME}}

[[Hello]] {{NAME}}

[[Signing in now asks for a code besides your password.]]

[[Look at it]]:
{{SHOP_URL}}/account/2fa

[[If it was not you, choose a new password at once.]]
