//! Numbers as Kotlin and Java read them.

/// A numeric literal of kotlinx.serialization: digits, an optional minus, and an optional exponent
/// that leaves it whole. An exponent without digits is 0, and of one with several signs a minus
/// counts until a plus.
///
/// What has more than 64 bits is refused if a step of it overflows to the other sign, as there;
/// 2^64 is 0.
pub(super) fn parse_long(text: &str) -> Option<i64> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(0) => return None,
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let digits = mantissa.strip_prefix('-').unwrap_or(mantissa);
    if digits.is_empty() && exponent.is_none() {
        return None;
    }
    // Below 0, where there is one number more.
    let mut value = 0_i64;
    for digit in digits.chars() {
        let digit = i64::from(digit.to_digit(10)?);
        value = value.wrapping_mul(10).wrapping_sub(digit);
        if value > 0 {
            return None;
        }
    }
    if let Some(exponent) = exponent {
        value = scaled(value, exponent)?;
    }
    if mantissa.starts_with('-') { Some(value) } else { value.checked_neg() }
}

/// A number with an exponent, if it is whole and has 64 bits.
fn scaled(value: i64, exponent: &str) -> Option<i64> {
    let (mut power, mut negative) = (0_i64, false);
    for c in exponent.chars() {
        match c {
            '-' => negative = true,
            '+' => negative = false,
            digit => {
                power = power.wrapping_mul(10).wrapping_add(i64::from(digit.to_digit(10)?));
            }
        }
    }
    let power = if negative { -(power as f64) } else { power as f64 };
    let scaled = value as f64 * 10f64.powf(power);
    let fits = scaled.fract() == 0.0 && scaled.abs() <= i64::MAX as f64;
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
