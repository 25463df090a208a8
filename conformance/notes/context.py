"""What a section is about says which equation is meant, in Korean and in English."""

from __future__ import annotations

import re
from functools import cache, lru_cache

KOREAN = {
    "gradient": "경사 기울기 그래디언트", "descent": "하강", "momentum": "모멘텀 관성", "nesterov": "네스테로프 NAG nag nestrerov",
    "adagrad": "아다그라드", "adadelta": "아다델타", "rmsprop": "알엠에스프롭 RMSdrop", "adam": "아담", "adamw": "",
    "convolution": "합성곱 컨볼루션 콘볼루션 conv", "integral": "적분 연속 continuous", "discrete": "이산",
    "loss": "손실 cost 비용", "entropy": "엔트로피 CE BCE", "cross": "교차 크로스", "binary": "이진", "batch": "배치",
    "norm": "정규화 normalization", "softmax": "소프트맥스", "sigmoid": "시그모이드", "perceptron": "퍼셉트론 뉴런 neuron",
    "bias": "편향", "variance": "분산", "pooling": "풀링", "attention": "어텐션 주의", "dropout": "드롭아웃",
    "padding": "패딩", "layer": "층 레이어", "mse": "평균제곱 평균 제곱 squared MSELoss", "mae": "절대 absolute",
    "rmse": "제곱근 root", "relu": "렐루 랠루 rectified", "tanh": "쌍곡 하이퍼볼릭 hyperbolic", "penalized": "penalty 규제 L2 정규화 ridge tikhonov",
    "decay": "감쇠 감소", "attack": "", "size": "크기 feature map", "output": "출력", "lstm": "장단기 short-term", "gru": "게이트 gated", "rnn": "순환",
    "label": "라벨 레이블", "smoothing": "스무딩", "mixup": "믹스업", "image": "이미지", "linear": "선형", "affine": "선형 아핀",
    "momentum_": "", "regularization": "규제", "rate": "학습률", "likelihood": "우도 가능도 likelihood", "weights": "가중치 초기화 initialization",
    "xavier": "glorot 자비에", "he": "kaiming", "gan": "적대 adversarial", "receptive": "수용", "field": "영역", "parameters": "파라미터 매개변수",
    "scaled": "dot-product", "multi": "멀티", "head": "헤드", "annealing": "cosine 코사인 어닐링", "cosine": "코사인", "restarts": "재시작 warm 어닐링 annealing", "early": "조기", "stopping": "종료",
    "bagging": "앙상블 ensemble", "one": "", "step": "계단 heaviside", "squared": "제곱", "reconstruction": "복원 autoencoder 오토인코더",
    "chain": "역전파 backpropagation 연쇄 소실 vanishing", "backpropagation": "역전파", "correlation": "상관", "generator": "생성자 생성기", "discriminator": "판별자 감별자 판별기", "dampened": "dampening 감쇠",
    "cycle": "순환 사이클", "consistency": "일관성", "time": "시간", "inverse": "역", "polynomial": "다항", "exponential": "지수",
    "accuracy": "정확도", "adaboost": "에이다부스트 부스팅 boosting", "adaptive": "적응", "autoencoder": "오토인코더", "average": "평균",
    "bidirectional": "양방향", "block": "블록", "bottleneck": "병목", "causal": "인과", "class": "클래스", "constant": "상수", "cyclic": "주기",
    "decoder": "디코더", "decoupled": "분리", "denoising": "디노이징 잡음", "dense": "완전연결 fully", "embedding": "임베딩", "encoder": "인코더",
    "epoch": "에폭", "evaluation": "평가 추론 inference", "flatten": "평탄화", "flip": "반전 뒤집기", "gate": "게이트", "gaussian": "가우시안 가우스 정규",
    "global": "전역", "graph": "그래프", "group": "그룹", "instance": "인스턴스", "least": "최소", "local": "국소", "log": "로그", "logic": "논리",
    "majority": "다수결", "masked": "마스크 마스킹", "max": "최대 맥스", "mean": "평균", "memory": "메모리", "multilayer": "다층", "negative": "음의",
    "normal": "정규", "orthogonal": "직교", "plateau": "정체", "positions": "위치 positional", "residual": "잔차", "response": "응답",
    "sinusoidal": "사인 인코딩 encoding", "soft": "소프트", "sparse": "희소", "squares": "제곱", "target": "타깃 타겟", "transformer": "트랜스포머",
    "transposed": "전치", "uniform": "균등", "updates": "갱신 업데이트", "upsampling": "업샘플링", "vote": "투표", "weighted": "가중",
}  # fmt: skip
WHOLE = {  # names that are one thing, in full
    "mse": "mse|mean squared|제곱 오차|제곱오차|mseloss", "mae": "mae|mean absolute|절대", "rmse": "rmse|root mean",
    "mse_gradient": "mse|gradient|기울기|편미분|미분|backprog|backprop|linear|선형|손실", "gradient_descent": "gradient descent|경사|sgd|descent|update|업데이트|갱신",
    "binary_cross_entropy": "binary cross|bce|이진|logistic|로지스틱|cross.?entropy|교차",
    "categorical_cross_entropy": "cross.?entropy|교차|크로스|categorical", "cross_entropy": "cross.?entropy|교차|크로스",
    "l2_penalized_cost": "l2|ridge|penalt|weight decay|규제|정규화|regulari|norm", "image_convolution": "convolution|합성곱|콘볼루션|컨볼루션|image",
    "bias_variance": "bias|variance|편향|분산|trade", "output_size": "output|출력|feature map|stride|padding|conv|합성곱|lenet",
    "pooling_output_size": "pool|풀링|출력 ?크기|output size|feature map", "adam": r"\badam\b|아담", "adamw": "adamw|decoupled", "amsgrad": "amsgrad",
    "training_iterations": "iteration|epoch|반복|에폭|이터레이션", "minibatch_gradient": "mini.?batch|미니 ?배치", "cyclegan_objective": "cycle|사이클|순환 일관",
    "he_normal": "initiali[sz]|초기화|kaiming|\\bhe\\b",
    "xavier_normal": "initiali[sz]|초기화|xavier|glorot|자비에", "xavier_uniform": "initiali[sz]|초기화|xavier|glorot|자비에",
    "coupled_decay": "weight.?decay|감쇠|l2", "decoupled_decay": "weight.?decay|감쇠|decoupled",
    "momentum": "momentum|모멘텀|관성", "nesterov": "nesterov|nestrerov|nag\\b|네스테로프", "batch_norm": "batch.?norm|배치|정규화",
    "layer_norm": "layer.?norm|레이어 정규|층 정규", "softmax": "softmax|소프트맥스", "sigmoid": "sigmoid|시그모이드|logistic",
    "perceptron": "perceptron|퍼셉트론|neuron|뉴런|mlp|신경", "linear_map": "linear (map|layer|transform)|affine|선형 ?(변환|사상|층)|fully|dense", "affine": "linear (map|layer|transform|regress)|affine|선형 ?(변환|사상|층|회귀)|fully|dense",
    "scaled_dot_product_attention": "attention|어텐션|transformer", "masked_attention": "mask|마스크",
    "lstm_cell": "lstm|장단기|long.short.term", "lstm_memory": "lstm|장단기|long.short.term", "lstm": "lstm|장단기|long.short.term",
    "gru_cell": "gru\\b|게이트|gated recurrent", "gru": "gru\\b|게이트|gated recurrent", "rnn_cell": r"\brnn|순환|recurrent", "rnn": r"\brnn|순환|recurrent",
    "discrete_convolution": "convolution|합성곱|컨볼루션|콘볼루션|cnn", "convolution_integral": "convolution|합성곱|컨볼루션|콘볼루션|cnn",
    "negative_log_likelihood": "nll|likelihood|우도", "gaussian_nll": "gauss|mle|likelihood", "adagrad": "adagrad|아다그라드",
    "adadelta": "adadelta|아다델타", "rmsprop": "rms.?prop|rmsdrop|알엠에스", "tanh": "tanh|쌍곡|하이퍼볼릭|hyperbolic", "relu": "relu|렐루|랠루|rectif",
    "bagging_variance": "bagging|배깅|ensemble|앙상블|correlated|상관",
    "linear_warmup": "warm.?up|워밍업|웜업", "constant_warmup": "warm.?up|워밍업|웜업", "grayscale": "gr[ae]y|흑백",
    "bootstrap_share": "bootstrap|부트스트랩", "soft_vote": "vot|투표|앙상블|ensemble|bagging|배깅", "updates_per_epoch": "epoch|에폭|iteration|반복|이터레이션",
    "q_target": r"q.?learning|\bq.?러닝|dqn|bellman|벨만|강화 ?학습|temporal.?difference", "majority_accuracy": "major|vot|투표|앙상블|ensemble",
    "cycle_consistency_loss": "cycle|사이클|순환 일관", "dense_parameters": "param|파라미터|매개변수|dense|fully|완전 연결",
    "reconstruction_loss": "reconstruct|(?<!denoising )auto.?encoder|복원|재구성|오토인코더", "log_softmax": "softmax|소프트맥스",
    "sigmoid_chain": "back.?prop|vanish|chain.?rule|역전파|연쇄 ?법칙|소실", "sigmoid_chain_gradient": "back.?prop|vanish|chain.?rule|역전파|연쇄 ?법칙|소실",
    "multilayer_parameters": "param|파라미터|매개변수", "generalization_gap": "generali[sz]|overfit|\\bgap\\b|일반화|과적합|과대적합",
    "global_average_pooling": "pool|풀링", "global_max_pooling": "pool|풀링", "relu_slope": "relu|렐루|랠루|rectif",
    "dampened_momentum": "dampen|momentum|모멘텀|관성", "rmsprop_centered": "rms.?prop|rmsdrop|알엠에스",
    "gan_discriminator_loss": "gan|adversarial|적대|discriminator|판별자|감별자|판별기",
    "gan_generator_loss": "gan|adversarial|적대|generator|생성자|생성기", "graph_propagation": "graph.?(conv|neural|net|propag)|gcn|그래프",
    "simclr_loss": "simclr|contrastive|self.?supervised|대조|자기 ?지도",
    "affine_stack": "multi.?layer|mlp|다층|hidden|은닉", "causal_attention": "causal|마스크|mask|attention|어텐션",
    "dropout": "dropout|드롭아웃", "label_smoothing": "smooth|스무딩", "mixup": "mix.?up|믹스업", "cutmix": "cut.?mix|컷믹스", "gan_value": "gan|adversarial|적대",
}  # fmt: skip


@cache
def _pattern(equation: str) -> tuple[re.Pattern[str], ...]:
    return (_words(WHOLE[equation]),) if equation in WHOLE else _of_its_name(equation)


@cache
def _of_its_name(equation: str) -> tuple[re.Pattern[str], ...]:
    """What finds each word of an equation's name, in either language."""
    found = []
    for word in equation.split("_"):
        if len(word) < 2 or re.fullmatch(r"\d+d?|cell", word):
            continue  # how many dimensions there are is seldom said, nor that it is one step
        said = [re.escape(word), *(re.escape(w) for w in KOREAN.get(word, "").split())]
        found.append(_words("|".join(said)))
    return tuple(found)


def _words(pattern: str) -> re.Pattern[str]:
    """What finds words in small letters, whatever follows them: conv in conv2d, but not in convex."""
    return re.compile(re.sub(r"\bconv\b", r"conv(?!e|in)", f"(?:{pattern})".lower()))


def _begins(pattern: re.Pattern[str], words: str) -> bool:
    """Whether a word begins so: there is no gan in organ."""
    found = pattern.search(words)
    while found and found.start() and "a" <= words[found.start() - 1] <= "z":
        found = pattern.search(words, found.start() + 1)
    return found is not None


@cache
def named_by(word: str) -> frozenset[str]:
    """The equations that a word on the left of a statement names: in full, or by their initials."""
    from reference.catalogue import CATALOGUE

    small = word.lower()
    initials = {name: "".join(part[0] for part in name.split("_")) for name in CATALOGUE}
    return frozenset(
        name for name in CATALOGUE if len(small) > 2 and (small == name or (word.isupper() and small == initials[name]))
    )


@lru_cache(maxsize=1 << 14)
def mentioned(equation: str, words: str) -> float:
    """How much of an equation's name stands in some words, from 0 to 1, or whether they are about its subject."""
    return _share(_pattern(equation), words)


@lru_cache(maxsize=1 << 10)
def called(equation: str, words: str) -> float:
    """How much of an equation's name itself stands in some words."""
    return _share(_of_its_name(equation), words)


def _share(patterns: tuple[re.Pattern[str], ...], words: str) -> float:
    small = _small(words)
    return sum(_begins(p, small) for p in patterns) / len(patterns) if patterns else 0.0


@lru_cache(maxsize=1 << 4)
def _small(words: str) -> str:
    return words.lower()
