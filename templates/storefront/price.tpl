{{%AUTOESCAPE context="HTML"}}
{{! What it costs: now, was, saving. Sums arrive formatted.}}
<div class="price">
{{#PRICED}}<p class="price-line">{{#FROM}}<span class="price-from">[[from]] </span>{{/FROM}}{{#SALE}}<span class="vh">[[Now]]: </span>{{/SALE}}<bdi class="price-now">{{NOW}}</bdi>{{#INSTEAD}} <span class="price-was"><span class="vh">[[Instead of]]: </span><s><bdi>{{WAS}}</bdi></s></span>{{/INSTEAD}}{{#SALE}} <span class="price-was"><span class="vh">[[Was]]: </span><s><bdi>{{WAS}}</bdi></s></span> <span class="price-save"><span class="vh">[[Saving]]: </span><bdi>{{SAVING_PERCENT}}</bdi></span>{{/SALE}}</p>{{#OWN}}<p class="price-note">[[Your price]]</p>{{/OWN}}{{#LOWEST}}<p class="price-note">{{LOWEST_TEXT}}</p>{{/LOWEST}}{{/PRICED}}
{{#UNPRICED}}<p class="price-ask">[[Price on request]]</p>{{/UNPRICED}}
</div>
