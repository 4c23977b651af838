{{%AUTOESCAPE context="HTML"}}
{{! What went wrong in words, ways on, and the number to quote. Inside shell.tpl, or neutral.tpl without a shop.}}
<section class="fault" data-test="error" data-status="{{STATUS}}">
<p class="fault-status" aria-hidden="true">{{STATUS}}</p>
<h1>{{HEADING}}</h1>
<p class="fault-text">{{TEXT}}</p>
{{#RETRY}}<p class="fault-act"><a class="button" href="{{HERE}}"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#rotate-cw"></use></svg><span>[[Try again]]</span></a></p>{{/RETRY}}
{{#WAYS}}
{{#SEARCH}}<form class="fault-find" action="{{BASE}}/search" method="get" role="search" aria-label="[[Search from this page]]">
<label class="vh" for="fault-q">[[What were you looking for?]]</label>
<input class="input" id="fault-q" name="q" type="search" maxlength="200" enterkeyhint="search" placeholder="[[What were you looking for?]]">
<button class="button" type="submit">[[Search]]</button>
</form>{{/SEARCH}}
<ul class="fault-ways">
<li><a href="{{BASE}}/"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#house"></use></svg><span>[[Home]]</span></a></li>
{{#CATEGORIES}}<li><a href="{{BASE}}/c"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#layout-grid"></use></svg><span>[[All categories]]</span></a></li>{{/CATEGORIES}}
{{#HELP}}<li><a href="{{HELP_HREF}}"><svg class="icon" aria-hidden="true"><use href="{{ICONS}}#life-buoy"></use></svg><span>[[Help and contact]]</span></a></li>{{/HELP}}
</ul>
{{#SHELF}}
<nav class="fault-shelf" aria-labelledby="fault-shelf">
<h2 id="fault-shelf">[[Or look around]]</h2>
<ul class="chips">{{#CATEGORY}}<li><a class="chip" href="{{HREF}}"><span dir="auto">{{LABEL}}</span></a></li>{{/CATEGORY}}</ul>
</nav>
{{/SHELF}}
{{/WAYS}}
<p class="fault-id">[[Request]] <code dir="ltr">{{REQUEST_ID}}</code></p>
{{#DEV}}
<section class="dev" aria-labelledby="dev-title">
<h2 id="dev-title">[[Details for developers]]</h2>
<dl class="specs">
<div><dt>[[Reason]]</dt><dd><code dir="ltr">{{DETAIL}}</code></dd></div>
<div><dt>[[Place]]</dt><dd><code dir="ltr">{{PLACE}}</code></dd></div>
<div><dt>[[Statement]]</dt><dd><pre dir="ltr" tabindex="0">{{STATEMENT}}</pre></dd></div>
</dl>
</section>
{{/DEV}}
</section>
