[[Your account is ready]] – {{TENANT_NAME}}

[[Hello]] {{NAME}}

[[Welcome! Your orders, addresses and choices are in your account.]]

[[Go to my account]]:
{{SHOP_URL}}/account
