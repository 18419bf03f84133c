"""The parts of a tiny LTX checkpoint: the real classes, a few channels wide, random weights.

torch is imported inside, so that the suite without the model stack can collect this file.
"""

from __future__ import annotations

import importlib
from typing import Any

LATENTS = 16
TEXT = 16
PUBLISHED_DEPTH = 2048
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ,.!?'-"


def library() -> Any:
    """Its own types leave so much out that they only get in the way here."""
    import diffusers

    return diffusers


def transformer() -> Any:
    import torch

    torch.manual_seed(7)
    return library().LTXVideoTransformer3DModel(
        in_channels=LATENTS,
        out_channels=LATENTS,
        num_attention_heads=2,
        attention_head_dim=16,
        cross_attention_dim=32,
        num_layers=2,
        caption_channels=TEXT,
    )


def scheduler(*, dynamic: bool) -> Any:
    return library().FlowMatchEulerDiscreteScheduler(
        use_dynamic_shifting=dynamic,
        base_shift=0.95,
        max_shift=2.05,
        base_image_seq_len=1024,
        max_image_seq_len=4096,
        shift_terminal=0.1 if dynamic else None,
    )


def vae_090() -> Any:
    return _vae(
        block_out_channels=(8,) * 4,
        decoder_block_out_channels=(8,) * 4,
        decoder_layers_per_block=(1,) * 5,
    )


def vae_091() -> Any:
    return _vae(
        block_out_channels=(8,) * 4,
        decoder_spatio_temporal_scaling=(True,) * 3,
        decoder_inject_noise=(True, True, True, False),
        upsample_residual=(True,) * 3,
        upsample_factor=(2,) * 3,
        timestep_conditioning=True,
    )


def vae_095(*, deepest: int = 16) -> Any:
    """`deepest` channels at the end of the encoder, and 2048 without a block of their own: by
    that number diffusers knows the files of 0.9.5 and later. On the way there no step may have
    more channels than its stride can fold together.
    """
    published = deepest == PUBLISHED_DEPTH
    before = (8, 16, 32, 256) if published else (8, 8, 8, 16)
    return _vae(
        block_out_channels=(*before, deepest),
        down_block_types=("LTXVideo095DownBlock3D",) * 4,
        layers_per_block=(1, 1, 1, 1, 0 if published else 1),
        spatio_temporal_scaling=(True,) * 4,
        decoder_spatio_temporal_scaling=(True,) * 3,
        decoder_inject_noise=(False,) * 4,
        downsample_type=("spatial", "temporal", "spatiotemporal", "spatiotemporal"),
        upsample_residual=(True,) * 3,
        upsample_factor=(2,) * 3,
        timestep_conditioning=True,
        **COMPRESSION,
    )


def vae_2() -> Any:
    return _vae("AutoencoderKLLTX2Video", block_out_channels=(8, 8, 8, 16), **COMPRESSION)


COMPRESSION: dict[str, Any] = {"spatial_compression_ratio": 32, "temporal_compression_ratio": 8}


def _vae(name: str = "AutoencoderKLLTXVideo", **shape: Any) -> Any:
    """`shape`: what a version has of its own."""
    import torch

    torch.manual_seed(7)
    common = {
        "latent_channels": LATENTS,
        "decoder_block_out_channels": (8, 16, 32),
        "layers_per_block": (1,) * 5,
        "decoder_layers_per_block": (1,) * 4,
    }
    return getattr(library(), name)(**(common | shape)).eval()


def audio_vae() -> Any:
    return (
        library()
        .AutoencoderKLLTX2Audio(
            base_channels=8,
            ch_mult=(1, 1, 1),
            num_res_blocks=1,
            latent_channels=2,
            mel_bins=16,
            norm_type="pixel",
        )
        .eval()
    )


def transformer_2() -> Any:
    return (
        library()
        .LTX2VideoTransformer3DModel(
            in_channels=LATENTS,
            out_channels=LATENTS,
            num_attention_heads=2,
            attention_head_dim=16,
            cross_attention_dim=32,
            audio_in_channels=8,
            audio_out_channels=8,
            audio_num_attention_heads=2,
            audio_attention_head_dim=8,
            audio_cross_attention_dim=16,
            num_layers=2,
            caption_channels=TEXT,
            rope_double_precision=False,
        )
        .eval()
    )


def connectors() -> Any:
    from diffusers.pipelines.ltx2.connectors import LTX2TextConnectors

    return LTX2TextConnectors(
        caption_channels=TEXT,
        text_proj_in_factor=3,
        video_connector_num_attention_heads=2,
        video_connector_attention_head_dim=8,
        video_connector_num_layers=1,
        video_connector_num_learnable_registers=None,
        audio_connector_num_attention_heads=2,
        audio_connector_attention_head_dim=8,
        audio_connector_num_layers=1,
        audio_connector_num_learnable_registers=None,
        rope_double_precision=False,
    ).eval()


def vocoder() -> Any:
    from diffusers.pipelines.ltx2.vocoder import LTX2Vocoder

    return LTX2Vocoder(
        in_channels=32,
        hidden_channels=16,
        upsample_kernel_sizes=[16, 8, 4],
        upsample_factors=[10, 6, 4],
        resnet_kernel_sizes=[3],
        resnet_dilations=[[1]],
        output_sampling_rate=24000,
    ).eval()


def upsampler() -> Any:
    from diffusers.pipelines.ltx.modeling_latent_upsampler import LTXLatentUpsamplerModel

    return _doubling(LTXLatentUpsamplerModel)


def upsampler_2() -> Any:
    from diffusers.pipelines.ltx2.latent_upsampler import LTX2LatentUpsamplerModel

    return _doubling(LTX2LatentUpsamplerModel)


def _doubling(kind: Any) -> Any:
    import torch

    torch.manual_seed(7)
    return kind(in_channels=LATENTS, mid_channels=32, num_blocks_per_stage=1).eval()


def t5() -> Any:
    import torch
    from transformers import T5Config, T5EncoderModel

    torch.manual_seed(7)
    encoder: Any = T5EncoderModel(
        T5Config(
            vocab_size=128,
            d_model=TEXT,
            d_kv=8,
            d_ff=16,
            num_layers=1,
            num_heads=2,
            feed_forward_proj="gated-gelu",
            is_encoder_decoder=False,
            use_cache=False,
            dropout_rate=0.0,
        )
    )
    return encoder.eval()


def t5_tokenizer() -> Any:
    from transformers import T5Tokenizer

    return T5Tokenizer(vocab=[*_pieces()], extra_ids=0, model_max_length=128)


def t5_pieces() -> bytes:
    """The same words as the SentencePiece model that the hub's folders hold instead."""
    published: Any = importlib.import_module("sentencepiece.sentencepiece_model_pb2")

    model = published.ModelProto()
    model.trainer_spec.pad_id, model.trainer_spec.eos_id = 0, 1
    model.trainer_spec.unk_id, model.trainer_spec.bos_id = 2, -1
    model.normalizer_spec.name = "identity"
    kinds = {"<pad>": 3, "</s>": 3, "<unk>": 2}  # control, control, unknown; all others are normal
    for piece, score in _pieces():
        model.pieces.add(piece=piece, score=score, type=kinds.get(piece, 1))
    written: bytes = model.SerializeToString()
    return written


def _pieces() -> list[tuple[str, float]]:
    special = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    return [*special, *((letter, -3.0) for letter in LETTERS)]


def gemma() -> Any:
    import torch
    from transformers import Gemma3ForConditionalGeneration
    from transformers.models.gemma3 import Gemma3Config, Gemma3TextConfig
    from transformers.models.siglip import SiglipVisionConfig

    torch.manual_seed(7)
    text = Gemma3TextConfig(
        vocab_size=128,
        hidden_size=TEXT,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
    )
    vision = SiglipVisionConfig(
        hidden_size=8,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        image_size=28,
        patch_size=14,
    )
    config: Any = Gemma3Config(
        text_config=text,
        vision_config=vision,
        mm_tokens_per_image=4,
        image_token_index=5,
        boi_token_index=6,
        eoi_token_index=7,
    )
    encoder: Any = Gemma3ForConditionalGeneration(config)
    return encoder.eval()


def gemma_tokenizer() -> Any:
    from transformers import GemmaTokenizer

    special = ["<pad>", "<eos>", "<bos>", "<unk>", "▁"]
    vocabulary = {word: index for index, word in enumerate([*special, *LETTERS])}
    return GemmaTokenizer(vocab=vocabulary, merges=[], padding_side="left")
