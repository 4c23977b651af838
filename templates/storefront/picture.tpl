{{%AUTOESCAPE context="HTML"}}
{{! A picture wherever one is shown: the browser takes the first format it knows in the width it needs. A
    drawing has no sizes. The class says the colour until it is there and what stays in view when cropped.}}
<picture>{{#SIZED}}<source type="image/avif" srcset="{{AVIF}}"{{#CHOICE}} sizes="{{SIZES}}"{{/CHOICE}}><source type="image/webp" srcset="{{WEBP}}"{{#CHOICE}} sizes="{{SIZES}}"{{/CHOICE}}>{{/SIZED}}<img src="{{SRC}}" alt="{{ALT}}" width="{{WIDTH}}" height="{{HEIGHT}}"{{#CLASSES}} class="{{CLASS}}"{{/CLASSES}}{{#FIRST}} fetchpriority="high"{{/FIRST}}{{#LAZY}} loading="lazy"{{/LAZY}} decoding="async"></picture>
