{{%AUTOESCAPE context="HTML"}}
{{! What this shop keeps on the device, in a list, and the choices about it. Language, currency and appearance are
    in the menu of every page.}}
<div class="text-body">
<header class="text-head">
<h1>[[Preferences and cookies]]</h1>
<p class="text-lead">[[This shop sets no cookie before you do something that needs one, and none for advertising or for watching you. Here is everything it may keep.]]</p>
</header>
<section class="text-part" aria-labelledby="memory">
<h2 id="memory">[[Products you looked at]]</h2>
<p>[[A short list of the products you opened stays on this device, so that you find them again. You decide.]]</p>
<form class="choice-row" action="{{BASE}}/preferences" method="post">
{{CSRF_FIELD:none}}<input type="hidden" name="next" value="{{BASE}}/preferences">
<button class="button is-secondary" type="submit" name="memory" value="on"{{#MEMORY_ON}} aria-current="true"{{/MEMORY_ON}}><span>[[Remember them]]</span>{{#MEMORY_ON}}<svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#check"></use></svg>{{/MEMORY_ON}}</button>
<button class="button is-secondary" type="submit" name="memory" value="off"{{#MEMORY_OFF}} aria-current="true"{{/MEMORY_OFF}}><span>[[Do not remember them]]</span>{{#MEMORY_OFF}}<svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#check"></use></svg>{{/MEMORY_OFF}}</button>
</form>
</section>
<section class="text-part" aria-labelledby="cookies">
<h2 id="cookies">[[Cookies]]</h2>
<table class="table">
<caption>[[All cookies this shop can set]]</caption>
<thead><tr><th scope="col">[[Name]]</th><th scope="col">[[What for]]</th><th scope="col">[[How long]]</th></tr></thead>
<tbody>{{#COOKIE}}<tr><th scope="row"><code dir="ltr">{{NAME}}</code></th><td data-label="[[What for]]"><span>{{PURPOSE}}</span></td><td data-label="[[How long]]"><span>{{TIME}}</span></td></tr>{{/COOKIE}}</tbody>
</table>
</section>
<section class="text-part" aria-labelledby="stored">
<h2 id="stored">[[Kept by your browser]]</h2>
<table class="table">
<caption>[[These never leave your device unless you open them again]]</caption>
<thead><tr><th scope="col">[[What]]</th><th scope="col">[[What for]]</th></tr></thead>
<tbody>{{#STORED}}<tr><th scope="row">{{NAME}}</th><td data-label="[[What for]]"><span>{{PURPOSE}}</span></td></tr>{{/STORED}}</tbody>
</table>
<form action="{{BASE}}/preferences" method="post">
{{CSRF_FIELD:none}}<input type="hidden" name="next" value="{{BASE}}/preferences">
<p><button class="button is-secondary" type="submit" name="memory" value="clear"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#trash-2"></use></svg><span>[[Delete all of this from my device]]</span></button></p>
<p class="muted">[[You stay signed in and your cart stays as it is.]]</p>
</form>
</section>
</div>
