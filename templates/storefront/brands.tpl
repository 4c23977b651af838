{{%AUTOESCAPE context="HTML"}}
{{! Every brand with something to show, by first letter.}}
<h1>[[Brands]]</h1>
{{#EMPTY}}
<section class="empty">
<svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#package-open"></use></svg>
<h2>[[No brands yet]]</h2>
<p><a class="button is-secondary" href="{{BASE}}/c">[[All categories]]</a></p>
</section>
{{/EMPTY}}
<ul class="chips letters" aria-label="[[Jump to a letter]]">{{#JUMP}}<li><a class="chip" href="#{{ID}}" dir="auto">{{LETTER}}</a></li>{{/JUMP}}</ul>
<div class="branches">
{{#GROUP}}
<section aria-labelledby="{{ID}}">
<h2 class="letter" id="{{ID}}" dir="auto">{{LETTER}}</h2>
<ul class="link-list">{{#BRAND}}<li><a href="{{HREF}}" dir="auto">{{NAME}}</a></li>{{/BRAND}}</ul>
</section>
{{/GROUP}}
</div>
