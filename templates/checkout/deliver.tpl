{{%AUTOESCAPE context="HTML"}}
{{! On a product's page: cost and day of delivery to the visitor's place, or that nobody goes there; asking for it.}}
<section class="deliver" id="deliver" aria-label="[[Delivery]]" aria-live="polite" data-test="deliver">
{{#SERVED}}<p><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#truck"></use></svg> <span>[[Deliver to]] <b dir="auto">{{PLACE}}</b>: <span data-test="deliver-answer"><span dir="auto">{{METHOD}}</span>, {{COST}}, {{DAYS}}</span></span></p>{{/SERVED}}
{{#NOT_SERVED}}<p class="error" data-test="deliver-refused"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#triangle-alert"></use></svg><span>[[We do not deliver to]] <b dir="auto">{{PLACE}}</b>.</span></p>{{/NOT_SERVED}}
<details class="more-fields"><summary>{{#FIRST}}[[Cost and day of delivery]]{{/FIRST}}{{#AGAIN}}[[Deliver to another place]]{{/AGAIN}}</summary>
<form class="deliver-form" method="post" action="{{ACTION}}" data-hx-post="{{ACTION}}" data-hx-target="#deliver" data-hx-select="#deliver" data-hx-swap="outerHTML">{{#CSRF}}<input type="hidden" name="csrf" value="{{TOKEN}}">{{/CSRF}}<input type="hidden" name="next" value="{{HERE}}"><div class="field"><label for="place">[[City or postcode]]</label><input class="input" id="place" name="place" type="text" maxlength="120" autocomplete="address-level2" dir="auto"></div><button class="button is-secondary" type="submit">[[Check]]</button></form></details>
</section>
