/** Where in the memory of {@link SKIP_SOURCE} the bytes begin; before them stand the brackets that are open. */
export const BODY_AT = 1024;

/** How many bytes after the last one have to be 0: reading may go so far beyond it, and ends at the first of them. */
export const PADDING_BYTES = 64;

/**
 * `skip-string.ts` and `skip-value.ts` once more, in the text format of WebAssembly and over 32 bytes at a time. Places
 * count from the start of the body; -1 stands for anything that is not JSON, or not known here to be.
 */
export const SKIP_SOURCE = `
;; Marks the end of a body of $length bytes.
(func $close (param $length i32)
  (v128.store offset=1024 (local.get $length) (i8x16.splat (i32.const 0)))
  (v128.store offset=1040 (local.get $length) (i8x16.splat (i32.const 0)))
  (v128.store offset=1056 (local.get $length) (i8x16.splat (i32.const 0)))
  (v128.store offset=1072 (local.get $length) (i8x16.splat (i32.const 0))))

;; The place after the string whose first byte, behind its opening quote, is at $at.
;; Each 32 bytes become three sets of bits: quotes, backslashes and control characters. What a backslash takes its
;; meaning from is found without looking at one after the other (Langdale and Lemire, Parsing Gigabytes of JSON per
;; Second, 3.1.1): in a run of backslashes every second one is escaped, and so is what follows an odd run. $carry is
;; the bit of a first byte that is escaped by the bytes before.
(func $string (param $at i32) (result i32)
  (local $low v128) (local $high v128)
  (local $quotes i32) (local $slashes i32) (local $controls i32)
  (local $carry i32) (local $follows i32) (local $sum i64) (local $escaped i32) (local $within i32)
  (loop $next
    (local.set $low (v128.load offset=1024 (local.get $at)))
    (local.set $high (v128.load offset=1040 (local.get $at)))
    (local.set $quotes (i32.or
      (i8x16.bitmask (i8x16.eq (local.get $low) (i8x16.splat (i32.const 0x22))))
      (i32.shl (i8x16.bitmask (i8x16.eq (local.get $high) (i8x16.splat (i32.const 0x22)))) (i32.const 16))))
    (local.set $slashes (i32.or
      (i8x16.bitmask (i8x16.eq (local.get $low) (i8x16.splat (i32.const 0x5c))))
      (i32.shl (i8x16.bitmask (i8x16.eq (local.get $high) (i8x16.splat (i32.const 0x5c)))) (i32.const 16))))
    (local.set $controls (i32.or
      (i8x16.bitmask (i8x16.lt_u (local.get $low) (i8x16.splat (i32.const 0x20))))
      (i32.shl (i8x16.bitmask (i8x16.lt_u (local.get $high) (i8x16.splat (i32.const 0x20)))) (i32.const 16))))
    (if (i32.or (local.get $slashes) (local.get $carry)) (then
      (local.set $slashes (i32.and (local.get $slashes) (i32.xor (local.get $carry) (i32.const -1))))
      (local.set $follows (i32.or (i32.shl (local.get $slashes) (i32.const 1)) (local.get $carry)))
      (local.set $sum (i64.add
        (i64.extend_i32_u (local.get $slashes))
        (i64.extend_i32_u (i32.and
          (i32.and (local.get $slashes) (i32.const 0xaaaaaaaa))
          (i32.xor (local.get $follows) (i32.const -1))))))
      (local.set $carry (i32.wrap_i64 (i64.shr_u (local.get $sum) (i64.const 32))))
      (local.set $escaped (i32.and
        (i32.xor (i32.const 0x55555555) (i32.shl (i32.wrap_i64 (local.get $sum)) (i32.const 1)))
        (local.get $follows)))
      (local.set $quotes (i32.and (local.get $quotes) (i32.xor (local.get $escaped) (i32.const -1))))
    ) (else
      (local.set $escaped (i32.const 0))))
    ;; The bytes before the closing quote; all of them where it is still to come.
    (local.set $within (i32.sub
      (i32.and (local.get $quotes) (i32.sub (i32.const 0) (local.get $quotes)))
      (i32.const 1)))
    (if (i32.and (local.get $controls) (local.get $within)) (then (return (i32.const -1))))
    (local.set $escaped (i32.and (local.get $escaped) (local.get $within)))
    (if (local.get $escaped) (then
      (local.set $escaped (i32.and (local.get $escaped) (i32.xor (i32.const -1) (i32.or
        (call $simple (local.get $low))
        (i32.shl (call $simple (local.get $high)) (i32.const 16))))))
      (if (local.get $escaped) (then
        (loop $rest
          (if (i32.eqz (call $unicode (i32.add (local.get $at) (i32.ctz (local.get $escaped)))))
            (then (return (i32.const -1))))
          (local.set $escaped (i32.and (local.get $escaped) (i32.sub (local.get $escaped) (i32.const 1))))
          (br_if $rest (local.get $escaped)))))))
    (if (local.get $quotes) (then
      (return (i32.add (i32.add (local.get $at) (i32.ctz (local.get $quotes))) (i32.const 1)))))
    (local.set $at (i32.add (local.get $at) (i32.const 32)))
    (br $next))
  (return (i32.const -1)))

;; Which of 16 bytes may follow a backslash by themselves: " / \\ b f n r t. The lower half of such a byte says which
;; upper halves it may have, one bit for each of 2, 5, 6 and 7.
(func $simple (param $bytes v128) (result i32)
  (return (i8x16.bitmask (i8x16.ne
    (v128.and
      (i8x16.swizzle (v128.const i8x16 0 0 13 0 8 0 4 0 0 0 0 0 2 0 4 1)
        (v128.and (local.get $bytes) (i8x16.splat (i32.const 15))))
      (i8x16.swizzle (v128.const i8x16 0 0 1 0 0 2 4 8 0 0 0 0 0 0 0 0)
        (i8x16.shr_u (local.get $bytes) (i32.const 4))))
    (i8x16.splat (i32.const 0))))))

;; Whether a u and four hexadecimal digits stand at $at.
(func $unicode (param $at i32) (result i32)
  (return (i32.and
    (i32.eq (i32.load8_u offset=1024 (local.get $at)) (i32.const 0x75))
    (i32.and
      (i32.and
        (call $hex (i32.load8_u offset=1025 (local.get $at)))
        (call $hex (i32.load8_u offset=1026 (local.get $at))))
      (i32.and
        (call $hex (i32.load8_u offset=1027 (local.get $at)))
        (call $hex (i32.load8_u offset=1028 (local.get $at))))))))

(func $hex (param $byte i32) (result i32)
  (return (i32.or
    (call $digit (local.get $byte))
    (i32.lt_u (i32.sub (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x61)) (i32.const 6)))))

(func $digit (param $byte i32) (result i32)
  (return (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 10))))

(func $space (param $at i32) (result i32)
  (local $byte i32)
  (loop $next
    (local.set $byte (i32.load8_u offset=1024 (local.get $at)))
    (if (i32.gt_u (local.get $byte) (i32.const 0x20)) (then (return (local.get $at))))
    (if (i32.and
          (i32.and (i32.ne (local.get $byte) (i32.const 0x20)) (i32.ne (local.get $byte) (i32.const 0x0a)))
          (i32.and (i32.ne (local.get $byte) (i32.const 0x0d)) (i32.ne (local.get $byte) (i32.const 0x09))))
      (then (return (local.get $at))))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (br $next))
  (return (local.get $at)))

;; The place after at least one digit.
(func $digits (param $at i32) (result i32)
  (if (i32.eqz (call $digit (i32.load8_u offset=1024 (local.get $at)))) (then (return (i32.const -1))))
  (loop $next
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (br_if $next (call $digit (i32.load8_u offset=1024 (local.get $at)))))
  (return (local.get $at)))

(func $number (param $at i32) (result i32)
  (local $byte i32)
  (if (i32.eq (i32.load8_u offset=1024 (local.get $at)) (i32.const 0x2d))
    (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
  (if (i32.eq (i32.load8_u offset=1024 (local.get $at)) (i32.const 0x30))
    (then (local.set $at (i32.add (local.get $at) (i32.const 1))))
    (else
      (local.set $at (call $digits (local.get $at)))
      (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (i32.const -1))))))
  (if (i32.eq (i32.load8_u offset=1024 (local.get $at)) (i32.const 0x2e)) (then
    (local.set $at (call $digits (i32.add (local.get $at) (i32.const 1))))
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (i32.const -1))))))
  (if (i32.eq (i32.or (i32.load8_u offset=1024 (local.get $at)) (i32.const 0x20)) (i32.const 0x65)) (then
    (local.set $byte (i32.load8_u offset=1025 (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (if (i32.or (i32.eq (local.get $byte) (i32.const 0x2b)) (i32.eq (local.get $byte) (i32.const 0x2d)))
      (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    (return (call $digits (local.get $at)))))
  (return (local.get $at)))

;; The place after the number, true, false or null at $at.
(func $scalar (param $at i32) (result i32)
  (local $four i32)
  (local.set $four (i32.load offset=1024 (local.get $at)))
  (if (i32.or (i32.eq (local.get $four) (i32.const 0x65757274)) (i32.eq (local.get $four) (i32.const 0x6c6c756e)))
    (then (return (i32.add (local.get $at) (i32.const 4)))))
  (if (i32.and
        (i32.eq (local.get $four) (i32.const 0x736c6166))
        (i32.eq (i32.load8_u offset=1028 (local.get $at)) (i32.const 0x65)))
    (then (return (i32.add (local.get $at) (i32.const 5)))))
  (return (call $number (local.get $at))))

;; From a member's name to its value.
(func $name (param $at i32) (result i32)
  (if (i32.ne (i32.load8_u offset=1024 (local.get $at)) (i32.const 0x22)) (then (return (i32.const -1))))
  (local.set $at (call $string (i32.add (local.get $at) (i32.const 1))))
  (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (i32.const -1))))
  (local.set $at (call $space (local.get $at)))
  (if (i32.ne (i32.load8_u offset=1024 (local.get $at)) (i32.const 0x3a)) (then (return (i32.const -1))))
  (return (call $space (i32.add (local.get $at) (i32.const 1)))))

;; The place after the value at $at, around which $depth objects and arrays are open; no more than $most may be.
(func $value (param $at i32) (param $depth i32) (param $most i32) (result i32)
  (local $floor i32) (local $byte i32) (local $closer i32)
  (local.set $floor (local.get $depth))
  (loop $next
    (local.set $byte (i32.load8_u offset=1024 (local.get $at)))
    (block $isWhole
      (if (i32.eq (local.get $byte) (i32.const 0x22)) (then
        (local.set $at (call $string (i32.add (local.get $at) (i32.const 1))))
        (br $isWhole)))
      (if (i32.eq (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x7b)) (then
        (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
        (if (i32.gt_u (local.get $depth) (local.get $most)) (then (return (i32.const -1))))
        (local.set $closer (i32.add (local.get $byte) (i32.const 2)))
        (local.set $at (call $space (i32.add (local.get $at) (i32.const 1))))
        (if (i32.eq (i32.load8_u offset=1024 (local.get $at)) (local.get $closer)) (then
          (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $isWhole)))
        (i32.store8 offset=0 (local.get $depth) (local.get $closer))
        (if (i32.eq (local.get $closer) (i32.const 0x7d)) (then
          (local.set $at (call $name (local.get $at)))
          (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (i32.const -1))))))
        (br $next)))
      (local.set $at (call $scalar (local.get $at))))
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (i32.const -1))))
    (loop $leave
      (if (i32.eq (local.get $depth) (local.get $floor)) (then (return (local.get $at))))
      (local.set $at (call $space (local.get $at)))
      (local.set $closer (i32.load8_u offset=0 (local.get $depth)))
      (local.set $byte (i32.load8_u offset=1024 (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.eq (local.get $byte) (local.get $closer)) (then
        (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
        (br $leave)))
      (if (i32.ne (local.get $byte) (i32.const 0x2c)) (then (return (i32.const -1))))
      (local.set $at (call $space (local.get $at)))
      (if (i32.eq (local.get $closer) (i32.const 0x7d)) (then
        (local.set $at (call $name (local.get $at)))
        (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (i32.const -1))))))
      (br $next)))
  (return (i32.const -1)))
;; Goes along the members of an object from the name at $at on, past those that cannot be of a table: short and plainly
;; spelled, with a length and a last letter that go with no name there ($wanted has a bit for each that do). Capitals have
;; the bits of their small letters, so a name that differs from one of the table only in them is not passed. Answers the
;; place of the first name that has to be looked at, for whatever reason, or the complement of the place after the object.
(func $foreign (param $at i32) (param $wanted i32) (param $depth i32) (param $most i32) (result i32)
  (local $next i32) (local $bytes v128) (local $length i32) (local $byte i32)
  (loop $member
    (if (i32.ne (i32.load8_u offset=1024 (local.get $at)) (i32.const 0x22)) (then (return (local.get $at))))
    (local.set $bytes (v128.load offset=1025 (local.get $at)))
    ;; 32 where no quote stands in the 16 bytes.
    (local.set $length (i32.ctz (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22))))))
    (if (i32.eqz (i32.sub (local.get $length) (i32.const 32))) (then (return (local.get $at))))
    (local.set $next (i32.add (i32.add (local.get $at) (local.get $length)) (i32.const 2)))
    (if (i32.and
          (i32.or
            (i32.or
              (i8x16.bitmask (local.get $bytes))
              (i8x16.bitmask (i8x16.lt_u (local.get $bytes) (i8x16.splat (i32.const 0x20)))))
            (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c)))))
          (i32.sub (i32.shl (i32.const 1) (local.get $length)) (i32.const 1)))
      (then (return (local.get $at))))
    ;; The byte before the closing quote; of an empty name, its opening quote.
    (if (i32.and (i32.const 1) (i32.shr_u (local.get $wanted)
          (i32.and (i32.const 31)
            (i32.add (local.get $length) (i32.load8_u offset=1022 (local.get $next))))))
      (then (return (local.get $at))))
    (local.set $next (call $space (local.get $next)))
    (if (i32.ne (i32.load8_u offset=1024 (local.get $next)) (i32.const 0x3a)) (then (return (local.get $at))))
    (local.set $next (call $value
      (call $space (i32.add (local.get $next) (i32.const 1))) (local.get $depth) (local.get $most)))
    (if (i32.lt_s (local.get $next) (i32.const 0)) (then (return (local.get $at))))
    (local.set $next (call $space (local.get $next)))
    (local.set $byte (i32.load8_u offset=1024 (local.get $next)))
    (if (i32.eq (local.get $byte) (i32.const 0x7d)) (then
      (return (i32.xor (i32.add (local.get $next) (i32.const 1)) (i32.const -1)))))
    (if (i32.ne (local.get $byte) (i32.const 0x2c)) (then (return (local.get $at))))
    (local.set $at (call $space (i32.add (local.get $next) (i32.const 1))))
    (br $member))
  (return (local.get $at)))
`;
