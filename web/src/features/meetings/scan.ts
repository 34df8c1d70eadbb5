// Reading a check-in code: what the browser can do, and what of a code's text is ours.
declare global {
  interface BarcodeDetector {
    detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>
  }
  var BarcodeDetector: { new (options: { formats: string[] }): BarcodeDetector; getSupportedFormats(): Promise<string[]> }
}

/** Whether this browser reads QR codes from the camera. */
export async function canScan(): Promise<boolean> {
  if (!('BarcodeDetector' in globalThis) || !navigator.mediaDevices) return false
  return (await BarcodeDetector.getSupportedFormats().catch(() => [] as string[])).includes('qr_code')
}

/** The token in the address behind a code; none when it is not an address of ours. */
export function tokenOf(text: string, origin: string): string | null {
  const start = `${origin}/check-in/`
  const token = text.startsWith(start) ? text.slice(start.length) : ''
  return /^[\w.-]+$/.test(token) ? token : null
}
