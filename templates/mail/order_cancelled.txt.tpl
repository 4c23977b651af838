{{#WHOLE}}[[Your order was cancelled]]{{/WHOLE}}{{#REST}}[[The rest of your order was cancelled]]{{/REST}}: {{NUMBER}} – {{TENANT_NAME}}

{{#GREET}}
[[Hello]] {{NAME}}
{{/GREET}}

[[Order]] {{NUMBER}}

{{#REST}}
[[What had left already is still yours; nothing more will be sent.]]
{{/REST}}
{{#BACK}}
[[You get back what you paid for it:]] {{AMOUNT}}
{{/BACK}}

{{#GUEST}}
[[Look at the order]]:
{{SHOP_URL}}/track/{{TOKEN}}
{{/GUEST}}
{{#OWNER}}
[[Look at the order]]:
{{SHOP_URL}}/account/orders/{{NUMBER}}
{{/OWNER}}
