{{%AUTOESCAPE context="HTML"}}
{{! One category: what it is, sub-categories, the list of its products.}}
<header class="page-head">
<h1 dir="auto">{{HEADING}}</h1>
{{#ABOUT}}<p class="page-about" dir="auto">{{DESCRIPTION}}</p>{{/ABOUT}}
</header>
{{#CHILDREN}}
<nav aria-label="[[Sub-categories]]"><ul class="tiles is-small">{{#CHILD}}<li class="tile"><span class="tile-media">{{>PICTURE}}{{#NO_IMAGE}}<span class="blank" aria-hidden="true" dir="auto">{{NAME}}</span>{{/NO_IMAGE}}</span><span class="tile-text"><a class="tile-link" href="{{HREF}}" dir="auto">{{NAME}}</a><span class="tile-count">{{COUNT_TEXT}}</span></span></li>{{/CHILD}}</ul></nav>
{{/CHILDREN}}
{{>LISTING}}
