[[Two-step sign-in is off]] – {{TENANT_NAME}}

[[Hello]] {{NAME}}

[[Your password alone opens your account now.]]

[[Look at it]]:
{{SHOP_URL}}/account/2fa

[[If it was not you, choose a new password at once.]]
