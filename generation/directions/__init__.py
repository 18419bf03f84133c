"""What words ask of the camera and the weather, in ten languages; `parse.parse` begins here.

Passes, in the order in which they are made, each in a file of its own:

1. `words`: from what was typed to plain words: lower case, no accents, no speech, fewer slips.
2. `translate`: the language of each clause is told by its words, and they are said in the parser's
   own English, by a data file for each language (`languages/*.toml`, read by `phrasebook`).
3. `clauses`: words are cut into clauses: what opens each, and whether it says what not to do.
4. `moves`: each clause is read once, from left to right. `lead` keeps who acts and in what manner,
   `heading` finds where a move goes, `meant` tells whether the camera is meant, `stance` finds a
   camera that is fixed or in somebody's hand. What comes out is a list of `Found`.
5. `shots`: moves that happen together become one shot, others follow it.
6. `weather`: the same clauses are asked for weather and light.

The tables are `grammar` (small words), `lexicon` (what the camera does), `sky` and `languages`.
`describe` says back what was understood, `sentences` tells a model what was chosen by name.

For example `Langsam nach links schwenken, then zoom in. Kein Regen!`:

1. langsam nach links schwenken , / then zoom in . / kein regen .
2. de, en, de: slowly pan left , / then zoom in . / no rain .
3. [slowly pan left] opened by "."; [zoom in] by "," and "then"; [no rain] by ".", negated
4. "slowly" is in the lead, nobody else is named, so the camera pans, to the left: pan-left slow;
   [zoom in] has no manner and goes in: zoom-in
5. "then" begins a new shot: ((pan-left slow,), (zoom-in,))
6. [no rain] is negated: no effect
"""
