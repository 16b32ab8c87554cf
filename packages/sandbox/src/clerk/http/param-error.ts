import { ClerkRefusal } from '../clerk-error.ts'

export function paramInvalid(name: string, longMessage: string): ClerkRefusal {
  return new ClerkRefusal(422, 'form_param_value_invalid', 'is invalid', longMessage, { param_name: name })
}

export function paramMissing(name: string): ClerkRefusal {
  return new ClerkRefusal(422, 'form_param_missing', 'is missing', `${name} must be included.`, {
    param_name: name,
  })
}

export function paramUnknown(name: string): ClerkRefusal {
  return new ClerkRefusal(
    422,
    'form_param_unknown',
    'is unknown',
    `${name} is not a valid parameter for this request.`,
    { param_name: name },
  )
}

export function notFound(what: string, id: string): ClerkRefusal {
  return new ClerkRefusal(404, 'resource_not_found', 'not found', `No ${what} was found with id ${id}`)
}

export function organizationNotFound(): ClerkRefusal {
  return new ClerkRefusal(
    404,
    'resource_not_found',
    'Organization not found',
    'Given organization not found.',
  )
}
