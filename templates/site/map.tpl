{{%AUTOESCAPE context="HTML"}}
{{! Everything a visitor can open, by kind; two levels of categories.}}
<h1>[[Site map]]</h1>
<div class="site-map">
<section aria-labelledby="map-start">
<h2 id="map-start">[[Start]]</h2>
<ul class="link-list">{{#LINK}}<li><a href="{{HREF}}">{{LABEL}}</a></li>{{/LINK}}</ul>
</section>
{{#COLLECTIONS}}
<section aria-labelledby="map-collections">
<h2 id="map-collections">[[Collections]]</h2>
<ul class="link-list">{{#LINK}}<li><a href="{{HREF}}" dir="auto">{{LABEL}}</a></li>{{/LINK}}</ul>
</section>
{{/COLLECTIONS}}
{{#TEXTS}}
<section aria-labelledby="map-texts">
<h2 id="map-texts">[[About the shop]]</h2>
<ul class="link-list">{{#LINK}}<li><a href="{{HREF}}" dir="auto">{{LABEL}}</a></li>{{/LINK}}</ul>
</section>
{{/TEXTS}}
{{#CATEGORIES}}
<section class="is-whole" aria-labelledby="map-categories">
<h2 id="map-categories">[[Categories]]</h2>
<ul class="branches">{{#BRANCH}}<li><a class="branch" href="{{HREF}}" dir="auto">{{LABEL}}</a>{{#BELOW}}<ul class="link-list">{{#LINK}}<li><a href="{{HREF}}" dir="auto">{{LABEL}}</a></li>{{/LINK}}</ul>{{/BELOW}}</li>{{/BRANCH}}</ul>
</section>
{{/CATEGORIES}}
</div>
