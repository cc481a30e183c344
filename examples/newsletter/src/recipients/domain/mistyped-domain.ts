/**
 * The typing mistake that some addresses of the example carry: a domain that cannot exist, since no top-level domain
 * is called `con`, in place of the one that was meant.
 */
export const mistypedDomain = { typed: 'mail.example.con', meant: 'mail.example.com' } as const;

/** How the demo finds the error group of the mistyped addresses, and the parameters that heal it. */
export const mistypedDomainRepair = {
  error_type: 'smtp.550',
  title_contains: 'Domain not found',
  custom_params: { domain: mistypedDomain.meant },
} as const;
