//! Numbers as Kotlin and Java read them.

/// A numeric literal of kotlinx.serialization: digits, an optional minus, and an optional exponent
/// that leaves it whole.
pub(super) fn parse_long(text: &str) -> Option<i64> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let digits = mantissa.strip_prefix('-').unwrap_or(mantissa);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = mantissa.parse().ok()?;
    let Some(exponent) = exponent else { return Some(whole) };
    let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if unsigned.is_empty() || !unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let scaled = whole as f64 * 10f64.powi(exponent.parse::<i32>().ok()?.clamp(-400, 400));
    let fits = scaled.fract() == 0.0 && scaled.abs() < i64::MAX as f64;
    fits.then_some(scaled as i64)
}

/// `Float.parseFloat` and `Double.parseDouble`: surrounding space, a sign, a type suffix and
/// hexadecimal floats are fine.
pub(super) fn parse_java_float(text: &str) -> Option<f64> {
    let number = java_number(text);
    let unsigned = number.strip_prefix(['+', '-']).unwrap_or(number);
    if let Some(hex) = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")) {
        let value = parse_hex_float(hex)?;
        return Some(if number.starts_with('-') { -value } else { value });
    }
    // Rust also reads "inf" and "nan", which are no numbers here.
    if unsigned.is_empty() || !unsigned.bytes().all(|b| b"0123456789.eE+-".contains(&b)) {
        return None;
    }
    number.parse().ok()
}

/// Without surrounding space and type suffix.
pub(super) fn java_number(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c <= ' ');
    let hex = text.contains(['x', 'X']);
    match text.strip_suffix(['f', 'F', 'd', 'D']) {
        Some(number) if !hex || text.contains(['p', 'P']) => number,
        _ => text,
    }
}

fn parse_hex_float(hex: &str) -> Option<f64> {
    let (mantissa, exponent) = hex.split_once(['p', 'P'])?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0.0;
    for c in whole.chars() {
        value = value * 16.0 + f64::from(c.to_digit(16)?);
    }
    let mut weight = 1.0 / 16.0;
    for c in fraction.chars() {
        value += f64::from(c.to_digit(16)?) * weight;
        weight /= 16.0;
    }
    Some(value * 2f64.powi(exponent.clamp(-2000, 2000)))
}
