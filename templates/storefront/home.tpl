{{%AUTOESCAPE context="HTML"}}
{{! Home: one still hero, then zones; a zone without content is not there.}}
<section class="hero">
<div class="hero-text">
<h1>{{HERO_TITLE}}</h1>
<p class="hero-lead">{{HERO_TEXT}}</p>
<p><a class="button is-large" href="{{HERO_HREF}}"><span>{{HERO_LABEL}}</span><svg class="icon flip" aria-hidden="true"><use href="{{ICONS}}#arrow-right"></use></svg></a></p>
</div>
{{>PICTURE}}
</section>
{{#TRUST}}<ul class="trust" aria-label="[[What you can count on]]">{{#TRUST_ITEM}}<li><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#{{ICON}}"></use></svg><span>{{TEXT}}</span></li>{{/TRUST_ITEM}}</ul>{{/TRUST}}
{{SLOT_TOP:none}}
{{#EMPTY}}
<section class="empty">
<svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#package-open"></use></svg>
<h2>[[The shelves are being filled]]</h2>
<p>[[There are no products here yet. Please come back soon.]]</p>
</section>
{{/EMPTY}}
{{#CATEGORIES}}
<section class="zone" aria-labelledby="zone-categories">
<div class="zone-head"><h2 id="zone-categories">[[Shop by category]]</h2><a class="more" href="{{ALL_HREF}}"><span>[[All categories]]</span><svg class="icon icon-s flip" aria-hidden="true"><use href="{{ICONS}}#arrow-right"></use></svg></a></div>
<ul class="tiles">{{#CATEGORY}}<li class="tile"><span class="tile-media">{{>PICTURE}}{{#NO_IMAGE}}<span class="blank" aria-hidden="true" dir="auto">{{NAME}}</span>{{/NO_IMAGE}}</span><span class="tile-text"><a class="tile-link" href="{{HREF}}" dir="auto">{{NAME}}</a><span class="tile-count">{{COUNT_TEXT}}</span></span></li>{{/CATEGORY}}</ul>
</section>
{{/CATEGORIES}}
{{#DEALS}}
<section class="zone zone-deals" aria-labelledby="zone-deals">
<div class="zone-head"><h2 id="zone-deals"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#tag"></use></svg><span>[[On offer now]]</span></h2><a class="more" href="{{BASE}}/deals"><span>[[See all]]</span><span class="vh"> [[offers]]</span><svg class="icon icon-s flip" aria-hidden="true"><use href="{{ICONS}}#arrow-right"></use></svg></a></div>
<ul class="cards is-shelf">{{>CARD}}</ul>
</section>
{{/DEALS}}
{{#FEATURED}}
<section class="zone" aria-labelledby="zone-featured">
<div class="zone-head"><h2 id="zone-featured">[[Chosen for you]]</h2></div>
<ul class="cards">{{>CARD}}</ul>
</section>
{{/FEATURED}}
{{#NEWEST}}
<section class="zone" aria-labelledby="zone-new">
<div class="zone-head"><h2 id="zone-new">[[Just arrived]]</h2><a class="more" href="{{ALL_HREF}}"><span>[[See all]]</span><span class="vh"> [[new products]]</span><svg class="icon icon-s flip" aria-hidden="true"><use href="{{ICONS}}#arrow-right"></use></svg></a></div>
<ul class="cards">{{>CARD}}</ul>
</section>
{{/NEWEST}}
<section class="zone" data-recent="{{BASE}}/recent" hidden aria-labelledby="zone-recent">
<div class="zone-head"><h2 id="zone-recent">[[Looked at before]]</h2></div>
</section>
