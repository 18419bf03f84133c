"""From what a person wrote to what a video model likes to read.

A model wants one English paragraph: what happens, how it moves, the camera, the light. `template`
writes it from the words and from what the parser understood of them; `chat_endpoint` has a language
model write it; `prompt_help` chooses, checks what came back and falls back to the template;
`prompted_engine` puts it before an engine. Cameras that only calculate need none of it.
"""
