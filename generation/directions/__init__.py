"""What words ask of the camera and the weather, in ten languages; `parse.parse` begins here.

From 3 to 9 and in 11 every pass is a table of rows (`patterns`): where a row's pattern fits, its
words are put in that place, and every row has the example for which it is there. So words become
fewer and more telling, until what is left need only be taken. `reading` has the tables in order:

1. `words`: from what was typed to plain words: lower case, no accents, no speech, fewer slips.
2. `translate`: a clause is in the language that knows most of its words. Its phrases are replaced
   by the parser's own English, the longest first, by a data file for each language
   (`languages/*.toml`, read by `phrasebook`), and rows of patterns put these words in order.
3. `negation`: `NOT` stands where a wish is forbidden; weather that is not wished for goes.
4. `heading`: `TO` stands before the direction that counts for the verb in front of it.
5. `lead`: the camera is named, or `YOU` stands before the verb: nobody else is.
6. `negation` again: `STATIC` where the camera must not move, `RULED_OUT` for what else it must not.
7. `stance`: `STATIC` and `HANDHELD` where that is said, and from a detail to the whole is a zoom.
8. `meant`: `SAID` stands before each verb that is said of the camera.
9. `order`: what goes on with the move before, what a move is for, what comes first.
10. `shots`: whatever `SAID` stands before becomes a move; moves together are one shot.
11. `weather`: what is left after 3 is asked for weather and light.

The words are in `grammar` (small ones), `lexicon` (what the camera does), `sky` and `languages`;
`classes` has the names under which patterns know them. `describe` says back what was understood,
`sentences` tells a model what was chosen by name.

For example `Langsam nach links schwenken, then zoom in. Kein Regen!`:

1. langsam nach links schwenken , then zoom in . kein regen .
2. slowly pan left , then zoom in . no rain .
3. START slowly pan left , then zoom in . ELSE . .
4. START slowly pan TO left , then zoom TO in . ELSE . .
5. START slowly YOU pan TO left , then YOU zoom TO in . ELSE . .
8. START slowly SAID pan TO left , then SAID zoom TO in . ELSE . .
10. "then" begins a new shot: ((pan-left slow,), (zoom-in,))
11. no weather is left: no effect
"""
