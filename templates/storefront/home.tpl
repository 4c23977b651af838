{{%AUTOESCAPE context="HTML"}}
{{! Home: blocks in the order that the shop composed; one without content is not there. A row of BLOCK shows one
    of the sections below.}}
{{#UNTITLED}}<h1 class="vh">{{TENANT_NAME}}</h1>{{/UNTITLED}}
{{#BLOCK}}
{{#HERO}}<section class="hero is-{{LAYOUT}} tone-{{TONE}}">
<div class="hero-text">
{{#FIRST}}<h1 dir="auto">{{TITLE}}</h1>{{/FIRST}}{{#SECOND}}<h2 class="hero-title" dir="auto">{{TITLE}}</h2>{{/SECOND}}
{{#LEAD}}<p class="hero-lead" dir="auto">{{TEXT}}</p>{{/LEAD}}
{{#LINK}}<p><a class="button is-large" href="{{HREF}}"><span dir="auto">{{LABEL}}</span><svg class="icon flip" aria-hidden="true"><use href="{{ICONS}}#arrow-right"></use></svg></a></p>{{/LINK}}
</div>
{{>PICTURE}}
</section>{{/HERO}}
{{#BANNER}}<section class="banner is-{{LAYOUT}} tone-{{TONE}}">
<div class="hero-text">
<h2 class="hero-title" dir="auto">{{TITLE}}</h2>
{{#LEAD}}<p class="hero-lead" dir="auto">{{TEXT}}</p>{{/LEAD}}
{{#LINK}}<p><a class="button" href="{{HREF}}"><span dir="auto">{{LABEL}}</span><svg class="icon flip" aria-hidden="true"><use href="{{ICONS}}#arrow-right"></use></svg></a></p>{{/LINK}}
</div>
{{>PICTURE}}
</section>{{/BANNER}}
{{#PROMISES}}<ul class="trust" aria-label="[[What you can count on]]">{{#PROMISE}}<li><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#{{ICON}}"></use></svg><span dir="auto">{{TEXT}}</span></li>{{/PROMISE}}</ul>{{/PROMISES}}
{{#MODULES}}{{SLOT_TOP:none}}{{/MODULES}}
{{#CATEGORIES}}<section class="zone" aria-labelledby="zone-{{PLACE}}">
<div class="zone-head"><h2 id="zone-{{PLACE}}" dir="auto">{{TITLE}}</h2>{{#LINK}}<a class="more" href="{{HREF}}"><span dir="auto">{{LABEL}}</span><svg class="icon icon-s flip" aria-hidden="true"><use href="{{ICONS}}#arrow-right"></use></svg></a>{{/LINK}}</div>
{{#LEAD}}<p class="zone-lead" dir="auto">{{TEXT}}</p>{{/LEAD}}
<ul class="tiles">{{#CATEGORY}}<li class="tile"><span class="tile-media">{{>PICTURE}}{{#NO_IMAGE}}<span class="blank" aria-hidden="true" dir="auto">{{NAME}}</span>{{/NO_IMAGE}}</span><span class="tile-text"><a class="tile-link" href="{{HREF}}" dir="auto">{{NAME}}</a><span class="tile-count">{{COUNT_TEXT}}</span></span></li>{{/CATEGORY}}</ul>
</section>{{/CATEGORIES}}
{{#PRODUCTS}}<section class="zone tone-{{TONE}}{{#DEALS}} zone-deals{{/DEALS}}" aria-labelledby="zone-{{PLACE}}">
<div class="zone-head"><h2 id="zone-{{PLACE}}">{{#DEALS}}<svg class="icon" aria-hidden="true"><use href="{{ICONS}}#tag"></use></svg>{{/DEALS}}<span dir="auto">{{TITLE}}</span></h2>{{#LINK}}<a class="more" href="{{HREF}}"><span dir="auto">{{LABEL}}</span><span class="vh">: {{TITLE}}</span><svg class="icon icon-s flip" aria-hidden="true"><use href="{{ICONS}}#arrow-right"></use></svg></a>{{/LINK}}</div>
{{#LEAD}}<p class="zone-lead" dir="auto">{{TEXT}}</p>{{/LEAD}}
<ul class="cards{{#SHELF}} is-shelf{{/SHELF}}">{{>CARD}}</ul>
</section>{{/PRODUCTS}}
{{#BRANDS}}<section class="zone" aria-labelledby="zone-{{PLACE}}">
<div class="zone-head"><h2 id="zone-{{PLACE}}" dir="auto">{{TITLE}}</h2>{{#LINK}}<a class="more" href="{{HREF}}"><span dir="auto">{{LABEL}}</span><svg class="icon icon-s flip" aria-hidden="true"><use href="{{ICONS}}#arrow-right"></use></svg></a>{{/LINK}}</div>
{{#LEAD}}<p class="zone-lead" dir="auto">{{TEXT}}</p>{{/LEAD}}
<ul class="chips">{{#BRAND}}<li><a class="chip brand-chip" href="{{HREF}}">{{>PICTURE}}<span dir="auto">{{NAME}}</span></a></li>{{/BRAND}}</ul>
</section>{{/BRANDS}}
{{#PROSE}}<section class="zone zone-text tone-{{TONE}}">{{#HEADED}}<h2 dir="auto">{{TITLE}}</h2>{{/HEADED}}<div class="prose" dir="auto">{{BODY_HTML:none}}</div></section>{{/PROSE}}
{{/BLOCK}}
{{#EMPTY}}
<section class="empty">
<svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#package-open"></use></svg>
<h2>[[The shelves are being filled]]</h2>
<p>[[There are no products here yet. Please come back soon.]]</p>
</section>
{{/EMPTY}}
<section class="zone" data-recent="{{BASE}}/recent" hidden aria-labelledby="zone-recent">
<div class="zone-head"><h2 id="zone-recent">[[Looked at before]]</h2></div>
</section>
