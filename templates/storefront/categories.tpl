{{%AUTOESCAPE context="HTML"}}
{{! Every category, two levels deep; branches without products do not come here.}}
<h1>[[All categories]]</h1>
{{#EMPTY}}
<section class="empty">
<svg class="icon empty-icon" aria-hidden="true"><use href="{{ICONS}}#package-open"></use></svg>
<h2>[[No categories yet]]</h2>
<p><a class="button is-secondary" href="{{BASE}}/">[[Back to the home page]]</a></p>
</section>
{{/EMPTY}}
<div class="groups">
{{#GROUP}}
<section class="group">
<div class="group-media">{{>PICTURE}}{{#NO_IMAGE}}<span class="blank" aria-hidden="true" dir="auto">{{NAME}}</span>{{/NO_IMAGE}}</div>
<div class="group-text">
<h2><a href="{{HREF}}" dir="auto">{{NAME}}</a></h2>
<p class="muted">{{COUNT_TEXT}}</p>
<p class="group-about" dir="auto">{{DESCRIPTION}}</p>
{{#CHILDREN}}<ul class="chips">{{#CHILD}}<li><a class="chip" href="{{HREF}}"><span dir="auto">{{NAME}}</span><span class="chip-n">{{COUNT_TEXT}}</span></a></li>{{/CHILD}}</ul>{{/CHILDREN}}
</div>
</section>
{{/GROUP}}
</div>
