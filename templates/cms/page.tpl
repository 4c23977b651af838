{{%AUTOESCAPE context="HTML"}}
{{! One text of the shop: a readable column, an outline when it is long, the other texts beside it, sharing
    without scripts.}}
<div class="text-page">
<article class="text-body" data-test="text">
<header class="text-head">
<h1 dir="auto">{{TITLE}}</h1>
{{#SUMMARY_SET}}<p class="text-lead" dir="auto">{{SUMMARY}}</p>{{/SUMMARY_SET}}
<p class="muted">[[Updated]] <time datetime="{{UPDATED_AT}}">{{UPDATED}}</time></p>
</header>
{{#OUTLINE}}
<nav class="outline" aria-labelledby="outline">
<h2 id="outline">[[On this page]]</h2>
<ol>{{#ENTRY}}<li><a href="#{{ID}}" dir="auto">{{HEADING}}</a></li>{{/ENTRY}}</ol>
</nav>
{{/OUTLINE}}
{{#LEAD}}<div class="prose" dir="auto">{{BODY_HTML:none}}</div>{{/LEAD}}
{{#PART}}
<section class="text-part" id="{{ID}}" aria-labelledby="{{ID}}-name">
<h2 id="{{ID}}-name" dir="auto">{{HEADING}}</h2>
<div class="prose" dir="auto">{{BODY_HTML:none}}</div>
</section>
{{/PART}}
<ul class="share" aria-label="[[Share this page]]">
<li><a class="share-link" href="mailto:?body={{SHARE_URL}}"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#mail"></use></svg><span>[[Send by e-mail]]</span></a></li>
<li><a class="share-link" href="https://wa.me/?text={{SHARE_URL}}" rel="noopener nofollow"><svg class="icon icon-s" aria-hidden="true"><use href="{{ICONS}}#message-circle"></use></svg><span>[[Send by WhatsApp]]</span></a></li>
</ul>
</article>
{{#OTHERS}}
<nav class="text-side" aria-labelledby="others">
<h2 id="others">[[More from the shop]]</h2>
<ul>{{#OTHER}}<li><a href="{{HREF}}"{{#CURRENT}} aria-current="page"{{/CURRENT}} dir="auto">{{LABEL}}</a></li>{{/OTHER}}</ul>
</nav>
{{/OTHERS}}
</div>
