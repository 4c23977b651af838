{{%AUTOESCAPE context="HTML"}}
{{! What a search found: what was understood, where most of it is, the list; and when there is nothing, a way on.}}
<header class="page-head">
<h1 dir="auto">{{HEADING}}</h1>
{{#CORRECTED}}<p class="page-about" data-test="corrected"><span dir="auto">{{TEXT}}</span> <a href="{{HREF}}" rel="nofollow" dir="auto">{{LABEL}}</a></p>{{/CORRECTED}}
{{#NEAR}}<p class="page-about" data-test="near">[[No product has all of these words. These come near:]]</p>{{/NEAR}}
{{#CUT}}<p class="page-about" data-test="cut">[[Your search was very long: only its beginning was used.]]</p>{{/CUT}}
</header>
{{#SCOPES}}
<nav aria-label="[[Search in a category]]"><ul class="chips applied">{{#SCOPE}}<li><a class="chip" href="{{HREF}}" rel="nofollow"><span dir="auto">{{NAME}}</span><span class="chip-n">{{N}}</span></a></li>{{/SCOPE}}</ul></nav>
{{/SCOPES}}
{{>LISTING}}
{{#NOTHING}}
<div class="stack" data-test="nothing">
{{#TIPS}}<p>[[Check the spelling, try fewer or more general words, or look around here:]]</p>{{/TIPS}}
{{#WAYS}}<nav aria-labelledby="ways-title"><h2 class="label" id="ways-title">[[Categories]]</h2><ul class="chips">{{#WAY}}<li><a class="chip" href="{{HREF}}"><span dir="auto">{{NAME}}</span></a></li>{{/WAY}}<li><a class="chip" href="{{BASE}}/c">[[All categories]]</a></li></ul></nav>{{/WAYS}}
{{#ASK}}<p><a class="button is-secondary" href="https://wa.me/{{ASK_HREF}}"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#message-circle"></use></svg><span>[[Ask us on WhatsApp]]</span></a></p>{{/ASK}}
</div>
{{#POPULAR}}
<section class="zone" aria-labelledby="popular-title">
<div class="zone-head"><h2 id="popular-title">[[Popular now]]</h2></div>
<ul class="cards">{{>CARD}}</ul>
</section>
{{/POPULAR}}
{{/NOTHING}}
